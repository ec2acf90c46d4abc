"""The built-in students: small networks that photoguard's makers trained to answer as other recognisers do.

Against dlib's network alone a cloak carries over badly to recognisers that it was not worked out against; students whose
gradients point where their teachers' do carry it much farther (assets/MODEL_CARD.md). How they were taught:
:mod:`photoguard.encoders.train`.
"""

from photoguard.encoders.students.layout import LAYOUTS, Layout

__all__ = ["LAYOUTS", "Layout"]
