"""Teaches the students: small networks that answer as recognisers do which photoguard may not ship.

    python -m photoguard.encoders.train PHOTOS --models DIR --out DIR

Block by block first (FitNets, Romero et al. 2015): each block gets what its teacher's block gets and learns to hand on the
same. Then as a whole, partly on faces that were moved along the student's and the teacher's own gradients, so that both
agree where a cloak will go (Goldblum et al. 2020). What a cloak needs is not that the student recognises people well, but
that what fools it fools its teacher.
"""
