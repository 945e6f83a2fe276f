"""The trail, for board and administrators."""

TABLE = """
address             method  in the address           place      staff head depu repo lead owne asse memb secr admi none anon
audit_log            GET    -                        -           200  404  404  404  404  404  404  404  404  200  404  302
audit_export         GET    -                        -           200  404  404  404  404  404  404  404  404  200  404  302
"""
