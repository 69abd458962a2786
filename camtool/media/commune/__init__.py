"""A commune that does not exist, drawn as its nine cameras see it: places, people, vehicles, daylight, sensor noise.

Everything is drawn from numbers: a pinhole camera over a world in metres, flat faces with painted textures for what
stands still, small solids for what moves. No picture is taken from anywhere.
"""
