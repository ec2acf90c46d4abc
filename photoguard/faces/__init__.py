"""Detectors and landmarks behind one protocol, and the alignment of faces to templates."""

from photoguard.faces.choosing import best_detector
from photoguard.faces.detector import Check, Detector
from photoguard.faces.finding import find_faces

__all__ = ["Check", "Detector", "best_detector", "find_faces"]
