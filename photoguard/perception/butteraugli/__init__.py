"""Butteraugli, differentiable: the second opinion on how visible a change is.

The psychovisual distance of Jyrki Alakuijala et al. (2017, "Guetzli"; as revised in libjxl 0.7): opsin dynamics,
four frequency bands, line-shaped (Malta) filters, masking by the reference's own texture. Distance 0: identical;
1: hardly visible; 2: visible when one looks for it. SSIMULACRA2 alone can be gamed by re-shading a face; this distance
sees it.
"""

from photoguard.perception.butteraugli.exact import Butteraugli
from photoguard.perception.butteraugli.quick import QuickButteraugli

__all__ = ["Butteraugli", "QuickButteraugli"]
