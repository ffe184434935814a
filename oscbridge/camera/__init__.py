"""The camera as a process of its own: pictures come in, numbers go out, nothing is kept.

Conventions
-----------
Pictures exist in the memory of that process (`oscbridge.camera.process`) as long as it looks at
them, a few at a time. They are not written anywhere, not sent anywhere, and the lines that it tells
(`oscbridge.camera.records`) have no room for one.
"""
