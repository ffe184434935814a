"""Callbacks of an OSC In DAT in TouchDesigner; README.md says where they belong.

``op``, ``run`` and ``project`` are TouchDesigner's. Requests for other music are answered: started
at once, done after the fade.
"""
# ruff: noqa: F821, N802, N803 - the names are TouchDesigner's

BEAT_MS = 500
fade_beats = 4.0


def onReceiveOSC(dat, rowIndex, message, byteData, timeStamp, address, args, peer):
    """Take one message."""
    global fade_beats
    if address == "/oscbridge/quadrant/enter":
        op("label").par.text = args[1]
    elif address == "/oscbridge/segment/boundary":
        op("flash").par.triggerpulse.pulse()
    elif address == "/oscbridge/request/fade":
        fade_beats = args[0]
    elif address == "/oscbridge/request/go":
        answer(args[0], "started")  # begin your change here
        fade_ms = round(fade_beats * BEAT_MS)
        run("args[0](args[1], 'done')", answer, args[0], delayMilliSeconds=fade_ms)


def answer(request, state):
    """Say what has become of a request."""
    op("oscout1").sendOSC("/oscbridge/in/request/ack", [request, state])


def feel(valence, arousal):
    """Say what the player feels, -1 to 1 each: ``op('callbacks').module.feel(0.5, -0.5)``."""
    op("oscout1").sendOSC("/oscbridge/in/affect/va", [valence, arousal])
