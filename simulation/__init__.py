"""A simulated world with known truth, written as raw files in the real formats.

What belongs here: the places and volumes of that world, the address styles of its countries, the writers of raw files,
and the truth beside them. The room writes raw files and nothing else, so that no stage is short-cut; no stage may
import it or read its truth. Tables with published figures or assumptions of ours lie in `data/`, each with a source
line.
"""
