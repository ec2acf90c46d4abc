"""The main window: pages, navigation, and what comes in by drop, paste and dialog."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QMimeData, QSize, Qt
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QGuiApplication,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from photoguard.gui import theme
from photoguard.gui.flow_layout import FlowLayout
from photoguard.gui.fonts import ui_font
from photoguard.gui.help_page import HelpPage
from photoguard.gui.how_page import HowPage
from photoguard.gui.incoming import keep_pasted, paths_in
from photoguard.gui.models_page import ModelsPage
from photoguard.gui.photos_page import PhotosPage
from photoguard.gui.preferences import Preferences
from photoguard.gui.queue_model import Entry
from photoguard.gui.session import Session
from photoguard.gui.settings_page import SettingsPage
from photoguard.gui.showing import show_in_folder
from photoguard.gui.welcome_page import WelcomePage
from photoguard.gui.widgets import button, label
from photoguard.gui.words import Words
from photoguard.settings import Settings

VIEWS = ("photos", "settings", "how", "help", "models", "welcome")
_TABS = ("photos", "settings", "how", "help")
_PHOTO_FILTER = (
    "*.jpg *.jpeg *.jpe *.jfif *.mpo *.png *.webp *.gif *.tif *.tiff *.heic *.heif *.hif *.avif *.bmp *.jxl "
    "*.dng *.cr2 *.nef *.arw"
)


class MainWindow(QMainWindow):
    """Everything a user sees."""

    def __init__(self, session: Session, words: Words, preferences: Preferences) -> None:
        super().__init__()
        self._session = session
        self._words = words
        self._preferences = preferences
        self.setObjectName("window")
        self.setAcceptDrops(True)
        self.setMinimumSize(QSize(720, 560))
        self.resize(1120, 780)
        words.bind(self, self.setWindowTitle, "app")
        colours = theme.colours_for(preferences.settings.theme)
        acts: dict[str, Callable[[], object]] = {"open_photos": self._open_photos, "open_folder": self._open_folder}
        self.photos = PhotosPage(session, words, colours, preferences, acts, self._show_in_folder)
        to_models = partial(self.go, "models")
        self._makers: dict[str, Callable[[], QWidget]] = {
            "settings": lambda: SettingsPage(words, preferences, to_models),
            "how": lambda: HowPage(words),
            "help": lambda: HelpPage(words, preferences.rules.help_extra),
            "models": lambda: ModelsPage(words, session, preferences, self._leave_models),
            "welcome": lambda: WelcomePage(words, preferences, self._begin, to_models, lambda: self.go("help")),
        }
        self._stack = QStackedWidget()
        self._stack.setObjectName("page")
        self._stack.addWidget(self.photos)
        self._pages: dict[str, QWidget] = {"photos": self.photos}
        self._before_models = "settings"
        self._tabs: dict[str, QPushButton] = {}
        self._message = label("care")
        self._message.setVisible(False)
        around = QWidget()
        around.setObjectName("page")
        layout = QVBoxLayout(around)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._top())
        layout.addWidget(self._message)
        layout.addWidget(self._stack, 1)
        self.setCentralWidget(around)
        self._add_keys()
        preferences.changed.connect(self._follow)
        QGuiApplication.styleHints().colorSchemeChanged.connect(self.wear)
        self.go("photos" if preferences.settings.is_welcomed else "welcome")

    def go(self, view: str) -> None:
        """Show a page by its name in ``VIEWS``."""
        before = self.view
        page = self.page(view)
        self._stack.setCurrentWidget(page)
        self._message.setVisible(False)
        for name, tab in self._tabs.items():
            tab.setChecked(name == view)
        if isinstance(page, ModelsPage):
            self._before_models = before
            page.ask()
        if (first := page.focusProxy()) is not None:
            first.setFocus()

    def page(self, view: str) -> QWidget:
        """A page by its name in ``VIEWS``; built when it is first wanted, so that nobody waits for it at the start."""
        if view not in self._pages:
            self._pages[view] = self._makers[view]()
            self._stack.addWidget(self._pages[view])
        return self._pages[view]

    @property
    def view(self) -> str:
        current = self._stack.currentWidget()
        return next(name for name, one in self._pages.items() if one is current)

    def add(self, paths: Sequence[Path]) -> None:
        """Take photos and folders into the list, and show it."""
        if paths:
            self._session.add(paths)
            self.go("photos")

    def wear(self) -> None:
        """Dress everything by the settings."""
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        settings = self._preferences.settings
        colours = theme.colours_for(settings.theme)
        app.setFont(ui_font(settings.text_percent))
        theme.wear(app, self, colours, settings.text_percent)
        self.photos.wear(colours)

    # drop and paste

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802 - Qt's name
        # anything that might be a photo is let in, so that the answer can be given in words
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()
            self.photos.drop_area.show_over(is_over=True)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:  # noqa: N802 - Qt's name
        self.photos.drop_area.show_over(is_over=False)

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802 - Qt's name
        self.photos.drop_area.show_over(is_over=False)
        paths = paths_in(event.mimeData())
        if paths:
            # a copy: whatever the other program proposes, the originals stay where they are
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.add(paths)
        elif not self._take_picture(event.mimeData()):
            self._say("dropped_nothing")

    def paste(self) -> None:
        """Take copied files, or a copied picture, into the list."""
        copied = QGuiApplication.clipboard().mimeData()
        paths = paths_in(copied)
        if paths:
            self.add(paths)
        elif not self._take_picture(copied):
            self._say("nothing_pasted")

    def _take_picture(self, data: QMimeData | None) -> bool:
        """Take a picture without a file, as browsers hand over; False when there is none."""
        kept = keep_pasted(data, self._words.tr("pasted_name")) if data is not None and data.hasImage() else None
        if kept is not None:
            self._session.add_pasted(*kept)
            self.go("photos")
        return kept is not None

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Stop the work; nothing half-written stays."""
        self._session.close()
        super().closeEvent(event)

    # parts

    def _top(self) -> QFrame:
        top = QFrame()
        top.setProperty("role", "top")
        row = QHBoxLayout(top)
        row.setContentsMargins(18, 8, 12, 8)
        name = label("brand", wraps=False)
        self._words.bind(name, name.setText, "app")
        row.addWidget(name)
        tabs = FlowLayout(gap=2)
        group = QButtonGroup(self)
        group.setExclusive(False)
        for view in _TABS:
            tab = button(self._words, f"nav_{view}", partial(self.go, view), "quiet")
            tab.setCheckable(True)
            tabs.addWidget(tab)
            self._tabs[view] = tab
        row.addStretch(1)
        row.addLayout(tabs)
        return top

    def _add_keys(self) -> None:
        standard = QKeySequence.StandardKey
        keys = (
            (QKeySequence(standard.Open), self._open_photos),
            (QKeySequence("Ctrl+Shift+O"), self._open_folder),
            (QKeySequence(standard.Paste), self.paste),
            (QKeySequence("Ctrl+Return"), self._protect),
            (QKeySequence(standard.HelpContents), lambda: self.go("help")),
            (QKeySequence("Ctrl+,"), lambda: self.go("settings")),
            (QKeySequence("Esc"), self._escape),
        )
        for sequence, act in keys:
            QShortcut(sequence, self).activated.connect(act)

    def _escape(self) -> None:
        """Out of a page, or out of the work."""
        if self.view == "welcome":
            return
        if self.view != "photos":
            self.go("photos")
        elif self._session.run.is_running:
            self.photos.run_bar.stop.click()

    def _protect(self) -> None:
        if self.view == "photos" and not self._session.run.is_running:
            self._session.protect()

    def _leave_models(self) -> None:
        """Back to where they were asked for: the settings, or the first page."""
        self.go("welcome" if self._before_models == "welcome" else "settings")

    def _begin(self) -> None:
        self._preferences.change(is_welcomed=True)
        self.go("photos")
        self.photos.drop_area.open_photos.setFocus()

    def _follow(self, before: Settings) -> None:
        """Put changed settings into effect."""
        settings = self._preferences.settings
        if settings.language != before.language:
            self._words.speak(self._preferences.tongue)
        if (settings.theme, settings.text_percent) != (before.theme, before.text_percent):
            self.wear()
        self._session.choose(out=settings.out, naming=settings.naming)
        if settings.strength != before.strength:
            self._session.choose(strength=settings.strength)
        self.photos.start_bar.tell()

    def _open_photos(self) -> None:
        kinds = f"{self._words.tr('photo_files')} ({_PHOTO_FILTER} {_PHOTO_FILTER.upper()});;{self._words.tr('all_files')} (*)"
        names, _ = QFileDialog.getOpenFileNames(self, self._words.tr("open_photos"), "", kinds)
        self.add([Path(name) for name in names])

    def _open_folder(self) -> None:
        name = QFileDialog.getExistingDirectory(self, self._words.tr("open_folder"))
        self.add([Path(name)] if name else [])

    def _show_in_folder(self, entry: Entry) -> None:
        if entry.outcome is not None and entry.outcome.output is not None:
            show_in_folder(entry.outcome.output)

    def _say(self, name: str) -> None:
        self._message.setText(self._words.tr(name))
        self._message.setVisible(True)
