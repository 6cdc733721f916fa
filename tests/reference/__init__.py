"""Independent references: the worked example, plain pandas counting, published rows, against the models' own SQL."""
