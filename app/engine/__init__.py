"""Evidence for one fix: reads the repository through `app.git`, decides with `app.analysis`; command and bot both ask here."""
