"""The dbt project: what is generated from the contracts, what every model must have, and dbt's own run."""
