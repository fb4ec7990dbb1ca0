"""Small real pictures for upload tests."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def photo(name: str, colour: str = "red") -> SimpleUploadedFile:
    written = BytesIO()
    Image.new("RGB", (32, 24), colour).save(written, "JPEG")
    return SimpleUploadedFile(name, written.getvalue(), "image/jpeg")
