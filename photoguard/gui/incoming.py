"""What other programs hand over: files, folders, or a copied picture."""

from __future__ import annotations

import tempfile
from pathlib import Path

from PySide6.QtCore import QMimeData, QStandardPaths
from PySide6.QtGui import QImage


def paths_in(data: QMimeData | None) -> list[Path]:
    """Files and folders of this computer in what was dropped or copied; each once, in their order."""
    if data is None or not data.hasUrls():
        return []
    names = [url.toLocalFile() for url in data.urls() if url.isLocalFile()]
    return list(dict.fromkeys(Path(name) for name in names if name))


def keep_pasted(data: QMimeData, name: str) -> tuple[Path, Path] | None:
    """Put a copied picture into a folder of its own: (the file, where it would lie among the user's pictures).

    None when there is no picture after all. The folder is the caller's to clear away.
    """
    image = data.imageData()
    if not isinstance(image, QImage) or image.isNull():
        return None
    folder = Path(tempfile.mkdtemp(prefix="photoguard-pasted-"))
    file = folder / f"{name}.png"
    if not image.save(str(file)):
        return None
    pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
    return file, Path(pictures or Path.home()) / file.name
