# How a feeling becomes layers and a colour, and a request a change of an AudioStreamInteractive.
# The same text runs in Godot 3 and 4; here is no node and no sound.

const CLIP_NAMES = ["happy", "tense", "sad", "relaxed"]  # of quadrants 1 to 4
const COLOURS = [
	Color(1.0, 0.75, 0.2), Color(0.85, 0.15, 0.2), Color(0.2, 0.25, 0.5), Color(0.3, 0.7, 0.5)
]

# AudioStreamInteractive.TransitionFromTime. It knows no count of bars and no cues: the next bar.
const FROM_TIMES = {
	"now": 0, "beat": 1, "bar": 2, "2bar": 2, "4bar": 2, "8bar": 2, "cue": 2, "end": 3
}
# AudioStreamInteractive.FadeMode. What is not here needs layers or stingers, not another clip.
const FADE_MODES = {"cut": 0, "crossfade": 3, "segment": 4}


# Of a point, 1 to 4; zero counts as positive.
static func quadrant_of(valence, arousal):
	if arousal >= 0.0:
		return 1 if valence >= 0.0 else 2
	return 4 if valence >= 0.0 else 3


# Shares of quadrants 1 to 4 at a point; their sum is 1.
static func shares_of(valence, arousal):
	var v = 0.5 + 0.5 * clamp(valence, -1.0, 1.0)
	var a = 0.5 + 0.5 * clamp(arousal, -1.0, 1.0)
	return [v * a, (1.0 - v) * a, (1.0 - v) * (1.0 - a), v * (1.0 - a)]


# Volumes (0..1) of one layer a quadrant, at equal power: their squares sum to 1.
static func volumes_of(valence, arousal):
	var volumes = []
	for share in shares_of(valence, arousal):
		volumes.append(sqrt(share))
	return volumes


static func colour_of(valence, arousal):
	var shares = shares_of(valence, arousal)
	var mixed = Color(0.0, 0.0, 0.0)
	for i in range(4):
		mixed += COLOURS[i] * shares[i]
	mixed.a = 1.0
	return mixed


# Which of the clips a request means: the one with its label, else that of its quadrant; -1: none.
static func clip_of(request, clips):
	var found = clips.find(request["label"])
	if found < 0:
		var quadrant = quadrant_of(request["valence"], request["arousal"])
		found = clips.find(CLIP_NAMES[quadrant - 1])
	return found


# [from_time, fade_mode] of a request; empty where another clip is not what it asks for. A fade
# of no length is none: Godot divides by it.
static func transition_of(request):
	if not FADE_MODES.has(request["transition"]):
		return []
	var mode = FADE_MODES[request["transition"]] if request["fade_beats"] > 0.0 else 0
	return [FROM_TIMES.get(request["quantise"], 2), mode]
