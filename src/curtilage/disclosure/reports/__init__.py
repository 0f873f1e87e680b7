"""What a city tells of outside requests: public statistics and the reports that statutes ask for, from the ledger alone."""
