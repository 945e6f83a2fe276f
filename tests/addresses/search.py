"""The one search box."""

TABLE = """
address             method  in the address           place      staff head depu repo lead owne asse memb secr admi none anon
search               GET    -                        -           200  200  200  200  200  200  200  200  200  200  200  302
"""
