"""The dbt project, a package only so that the wheel carries it: SQL and nothing else lives here."""
