"""Reports: what a command has to say is a document (`documents/`), and a format prints it."""
