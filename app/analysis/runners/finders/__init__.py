"""One module per language: which framework its tests are written for, from imports, configuration and what is depended on."""
