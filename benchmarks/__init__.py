"""Measures recall on real bugs with known answers, and fits the weights that the ranking uses."""
