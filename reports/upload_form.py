"""One list from a file, or pasted from Excel."""

from django import forms

from blocs.forms import PlainForm
from reports.domain import uploads
from reports.enums import UploadKind

PASTE_MAX = 400_000


class UploadForm(PlainForm):
    file = forms.FileField(required=False, label="Tệp Excel (.xlsx)", max_length=2000)
    paste = forms.CharField(
        required=False,
        label="Dán từ Excel",
        max_length=PASTE_MAX,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text="Sao chép cả dòng tên cột và các dòng dưới trong Excel, rồi dán vào đây.",
    )

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, **kwargs)
        self.most = uploads.most_bytes(kind)
        self.fields["file"].help_text = f"Nhiều nhất {self.most // 1024 // 1024} MB."
        if kind == UploadKind.YEAR:
            self.fields["file"].label = "Tệp năm (YAML, emulation-year/1)"
            del self.fields["paste"]

    def clean(self):
        cleaned = super().clean()
        file, paste = cleaned.get("file"), cleaned.get("paste", "").strip()
        if self.errors:
            return cleaned
        if bool(file) == bool(paste):
            raise forms.ValidationError(
                "Chỉ chọn một: tệp, hoặc phần dán." if file else "Chọn một tệp, hoặc dán các dòng từ Excel."
            )
        if file and file.size > self.most:
            self.add_error("file", f"Tệp lớn hơn {self.most // 1024 // 1024} MB.")
        return cleaned

    def brought(self):
        """Shape:   -> (bytes, the sender's name of the file; empty for what was pasted)"""
        file = self.cleaned_data.get("file")
        if file:
            return file.read(), file.name or "tệp"
        return self.cleaned_data["paste"].strip("\r\n").encode("utf-8"), ""
