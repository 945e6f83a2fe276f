"""The year file ``emulation-year/1``: schema, checks, load, dump. Source: year-file"""
