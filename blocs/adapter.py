from allauth.account.adapter import DefaultAccountAdapter


class ClosedAdapter(DefaultAccountAdapter):
    """Accounts are given by the administrator; nobody signs up."""

    def is_open_for_signup(self, request):
        return False
