"""The closed loop without people: simulated players, a simulated host, and what came of it.

It tests control logic. No figure from here says anything about people: nobody knows whether anybody
answers to music as these equations do.
"""
