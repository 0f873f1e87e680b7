"""Who else holds the data, where, under whose control, by what contract."""
