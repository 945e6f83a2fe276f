"""Attached files, handed out as they came."""

from django.http import FileResponse, Http404

from blocs.domain import attachments


def sent(row):
    """What browsers show is shown, the rest is saved.

    Shape:   StoredFile -> FileResponse
    Raises:  Http404 where the bytes are gone
    """
    path = attachments.path_of(row)
    if not path.is_file():
        raise Http404
    return FileResponse(
        path.open("rb"),
        as_attachment=row.media_type not in attachments.ONLY_PAPERS,
        content_type=row.media_type,
        filename=row.name,
    )
