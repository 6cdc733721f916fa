"""The command line: arguments in, exit code out. Whatever it does, a library room or the orchestration does."""
