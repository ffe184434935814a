extends SceneTree
# A game without a window: prints what the music expresses, answers every request, and tells how its
# player feels. Godot 3: godot3-server --path PROJECT -s headless.gd
# Ports may be set by OSCBRIDGE_PORT and OSCBRIDGE_RECEIVE_PORT.

const Client = preload("res://addons/oscbridge/oscbridge_client.gd")
const MusicMap = preload("res://addons/oscbridge/music_map.gd")

var client = Client.new()


func _init():
	if OS.has_environment("OSCBRIDGE_PORT"):
		client.port = int(OS.get_environment("OSCBRIDGE_PORT"))
	if OS.has_environment("OSCBRIDGE_RECEIVE_PORT"):
		client.receive_port = int(OS.get_environment("OSCBRIDGE_RECEIVE_PORT"))
	for event in ["valence_changed", "arousal_changed", "request_cancelled"]:
		client.connect(event, self, "show_one", [event])
	client.connect("status_changed", self, "show_status")
	client.connect("quadrant_entered", self, "show_quadrant")
	client.connect("segment_boundary", self, "show_boundary")
	client.connect("music_requested", self, "answer")
	client.connect("message_received", self, "show_message")
	root.add_child(client)


func show(words):
	print(PoolStringArray(words).join("\t"))


func show_one(value, event):
	show([event, str(value)])


func show_status(state, detail):
	show(["status_changed", state, detail])
	if state == "listening":
		client.tell_affect(-0.5, 0.25, 0.75, "headless")


func show_quadrant(quadrant, label, confidence):
	show(["quadrant_entered", str(quadrant), label, str(confidence)])


func show_boundary(id, age_ms, strength):
	show(["segment_boundary", str(id), str(age_ms), str(strength)])


func show_message(what, args):
	var words = ["message", what]
	for arg in args:
		words.append(str(arg))
	show(words)


# There is no sound here: what a game would play begins at once.
func answer(request):
	var clip = MusicMap.clip_of(request, MusicMap.CLIP_NAMES)
	var transition = MusicMap.transition_of(request)
	show(["music_requested", to_json(request), str(clip), str(transition)])
	if transition.empty():
		client.acknowledge(request["id"], "rejected")
		return
	client.acknowledge(request["id"], "queued", 0.0)
	client.acknowledge(request["id"], "started")
	client.acknowledge(request["id"], "done")
