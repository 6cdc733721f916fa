"""One module per stage, named as its group in the UI."""
