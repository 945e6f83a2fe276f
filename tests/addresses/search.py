"""What is open to everybody who has signed in: the one search box, the reading of a paste."""

TABLE = """
address             method  in the address           place      staff head depu repo lead owne asse memb secr admi none anon
search               GET    -                        -           200  200  200  200  200  200  200  200  200  200  200  302
paste                POST   -                        -           200  200  200  200  200  200  200  200  200  200  200  302
"""
