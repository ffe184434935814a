"""Where does the expression turn: a benchmark of boundaries that are found while the music plays.

::

    python -m models.training.boundaries --data DIR --cache DIR --folds DIR [DETECTOR ...]

No benchmark of causal emotion boundaries existed; this one is made of medleys, whose turns are
known to the sample, and checked on pieces whose turns people heard.

Lists
-----
``lists/test.json`` and ``lists/tuning.json`` name clips by corpus and file (`medleys.Medley`),
drawn once by `draw` with a fixed seed. The clips of the test list are in `TEST_FOLDS` of
`models.training.splits.assign_folds`, those of the tuning list in `TUNING_FOLD`: no artist and no
song stands in two. **Whoever fits or sets a detector may use `LEARNING_FOLDS` to learn from and the
tuning list to choose by, and never looks at the test list.** vgmidi belongs to the test list alone.
All clips of a medley are of one fold, so that one fold model, which never heard them, can judge it.

=============  =====================================================================================
kind           what
=============  =====================================================================================
``turns``      8-12 stretches of 8-30 s, the quadrant changes at each junction; hard cuts and
               equal-power cross-fades of 0.5, 1 and 2 s
``kin``        the same with hard cuts, but every junction keeps its quadrant: new music, no turn
``song``       stretches of one performance that were given different quadrants, 1 s cross-fades
``steady``     one recording or piece that keeps its quadrant: whatever is announced is false
``consensus``  whole pieces of vgmidi that turn in the mean of about 30 listeners (`consensus`)
=============  =====================================================================================

Sound and truth
---------------
`build.Studio.mix` makes of a medley its samples (mono, 24 kHz) and its `build.Truth`: junctions in
seconds, the quadrant before and after each. It is made in two forms, as the clips are (recordings
at their own level, rendered scores at equal peaks) and ``matched``: every stretch at the same
loudness (EBU R128). Scores of the test list are played by the held-out soundfont and synthesiser,
those of the tuning list by a soundfont that models are trained on.
"""

TEST_FOLDS = (0, 1)
LEARNING_FOLDS = (2, 3)
TUNING_FOLD = 4
