"""What sensors of the body are made of: hearts, straps, rest, muscles of a face.

Nothing here knows of OSC; `oscbridge.sensors` puts it on the air.
"""
