from reports.management.base import NotYetCommand


class Command(NotYetCommand):
    help = "Chưa được hỗ trợ trong phiên bản hiện tại."
