extends Node
# The connection to oscbridge. The same text runs in Godot 3 and 4; what differs between them (what
# the inspector shows, the clock) is in `oscbridge_client.gd`, which there is once for each.
#
# Subscribes until something is heard, then pings to renew the subscription, and subscribes again
# after silence. oscbridge moves to a port 10 or 20 higher where its own is taken: those are tried
# in turn. All signals come in `_process`, on the main thread.

signal valence_changed(valence)  # -1..1
signal arousal_changed(arousal)  # -1..1
signal quadrant_entered(quadrant, label, confidence)  # 1 +V+A, 2 -V+A, 3 -V-A, 4 +V-A
signal segment_boundary(id, age_ms, strength)  # the music changed so long ago
signal music_requested(request)  # a dictionary; keys are REQUEST_KEYS
signal request_cancelled(id)
signal status_changed(state, detail)  # searching, connected, lost, error; then what oscbridge says
signal message_received(what, args)  # everything, by its name in the protocol, as "segment/end"

const Osc = preload("osc.gd")

const SUBSCRIBE_EVERY_S = 1.0
const PING_EVERY_S = 10.0
const SILENT_AFTER_S = 3.0
const TRIES_A_PORT = 2
const PORT_STEP = 10
const PORTS = 3

const TYPES = {
	"hello": "ssi",
	"status": "ss",
	"valence": "f",
	"arousal": "f",
	"quadrant/enter": "isf",
	"segment/boundary": "iif",
	"request": "iffffssfffs",
	"request/go": "issf",
	"request/valence": "f",
	"request/arousal": "f",
	"request/intensity": "f",
	"request/transition": "s",
	"request/fade": "f",
	"request/hold": "f",
	"request/deadline": "f",
	"request/label": "s",
	"request/cancel": "i",
}
const REQUEST_KEYS = [
	"id",
	"valence",
	"arousal",
	"intensity",
	"urgency",
	"transition",
	"quantise",
	"fade_beats",
	"hold_s",
	"deadline_s",
	"reason",
]

# The scalars of a request, with what stands for those that are lost.
const SCALARS = {
	"valence": 0.0,
	"arousal": 0.0,
	"intensity": 0.5,
	"transition": "crossfade",
	"fade": 4.0,
	"hold": 0.0,
	"deadline": 0.0,
}
const WHOLE_WITHIN_S = 0.05  # so long its trigger waits for the whole of a request

var prefix = "/oscbridge"
var status = ""
var status_detail = ""
var session = ""
var values = {}  # newest arguments of every message, by its name

var _udp = PacketPeerUDP.new()
var _ip = ""
var _first_port = 0
var _tries = 0
var _is_open = false
var _is_connected = false
var _heard_s = 0.0
var _next_s = 0.0
var _nonce = 0
var _asked = 0  # id of the newest request that was handed out
var _scalars = {}  # of the request to come
var _waiting = {}  # the request of which only the trigger is here
var _waiting_until_s = 0.0


# Seconds on a clock that slow motion and pauses do not touch.
func now_s():
	return 0.0


# Begin to listen: on `receive_port`, or on any free one where that is 0.
func open(host, port, receive_port):
	close()
	_ip = IP.resolve_hostname(host, IP.TYPE_IPV4)
	if _ip == "":
		_set_status("error", "no computer is called " + host)
		return
	var here = "127.0.0.1" if _ip.begins_with("127.") else "*"
	if _udp.call("bind" if _udp.has_method("bind") else "listen", receive_port, here) != OK:
		_set_status("error", "port %d is taken" % receive_port)
		return
	_first_port = port
	_tries = 0
	_is_open = true
	_is_connected = false
	_next_s = now_s()
	_set_status("searching", "no word of oscbridge yet")


func close():
	if _is_open:
		say("unsubscribe", "", [])
	_is_open = false
	_udp.close()


# Say anything of the protocol: `say("in/affect/hr", "f", [72.0])`.
func say(what, types, args):
	if _is_open:
		_udp.put_packet(Osc.write(prefix + "/" + what, types, args))


# Answer a request: queued, started, done, rejected or expired.
func acknowledge(id, state, until_start_s = -1.0):
	if until_start_s >= 0.0:
		say("in/request/ack", "isf", [id, state, until_start_s])
	else:
		say("in/request/ack", "is", [id, state])


# What the player feels, -1..1 each, how surely (0..1), and which part of the game says so.
func tell_affect(valence, arousal, confidence = 1.0, source = "godot"):
	say("in/affect/va", "fffs", [valence, arousal, confidence, source])


# What the player feels, by a word.
func tell_emotion(label, weight = 1.0):
	say("in/affect/emotion", "sf", [label, weight])


# Ask oscbridge to ask for other music, as if somebody had typed it.
func make_request(valence, arousal, urgency = 0.5, quantise = "bar"):
	say("in/request/make", "fffs", [valence, arousal, urgency, quantise])


func _process(_delta):
	if not _is_open:
		return
	while _udp.get_available_packet_count() > 0:
		var packet = _udp.get_packet()
		if _udp.get_packet_ip() == _ip:
			for message in Osc.read(packet):
				_hear(message[0], message[1], message[2])
	if _waiting.size() > 0 and now_s() >= _waiting_until_s:
		_hand_out(_waiting)
	_keep_alive()


func _exit_tree():
	close()


func _keep_alive():
	var at_s = now_s()
	if _is_connected and at_s - _heard_s > SILENT_AFTER_S:
		_is_connected = false
		_tries = 0
		_next_s = at_s
		_set_status("lost", "nothing is heard any more")
	if at_s < _next_s:
		return
	if _is_connected:
		_nonce += 1
		_next_s = at_s + PING_EVERY_S
		say("ping", "i", [_nonce])
	else:
		var moved = int(floor(float(_tries) / TRIES_A_PORT)) % PORTS
		_udp.set_dest_address(_ip, _first_port + moved * PORT_STEP)
		_tries += 1
		_next_s = at_s + SUBSCRIBE_EVERY_S
		say("subscribe", "", [])


func _hear(address, types, args):
	if not address.begins_with(prefix + "/"):
		return
	var what = address.substr(prefix.length() + 1, address.length())
	if TYPES.has(what) and TYPES[what] != types:
		return
	_heard_s = now_s()
	if not _is_connected:
		_is_connected = true
		_next_s = _heard_s
		_set_status("connected", "")
	values[what] = args
	if what.begins_with("request/") and SCALARS.has(what.trim_prefix("request/")):
		_scalars[what.trim_prefix("request/")] = args[0]
	match what:
		"hello":
			if session != args[1]:
				_asked = 0  # another oscbridge: its requests count from 1
				_waiting = {}
			session = args[1]
		"status":
			_set_status(args[0], args[1])
		"valence":
			emit_signal("valence_changed", args[0])
		"arousal":
			emit_signal("arousal_changed", args[0])
		"quadrant/enter":
			emit_signal("quadrant_entered", args[0], args[1], args[2])
		"segment/boundary":
			emit_signal("segment_boundary", args[0], args[1], args[2])
		"request/go":
			_take_trigger(args)
		"request":
			_hand_out(_request_of(args))
		"request/cancel":
			_cancel(args[0])
	emit_signal("message_received", what, args)


func _request_of(args):
	var label = values.get("request/label", [""])[0]
	if _waiting.get("id") == args[0]:
		label = _waiting["label"]
	var request = {"label": label}
	for i in range(REQUEST_KEYS.size()):
		request[REQUEST_KEYS[i]] = args[i]
	return request


# The trigger says enough to act upon, for where the whole request is lost: packets may be.
func _take_trigger(args):
	var known = {}
	for scalar in SCALARS:
		known[scalar] = _scalars.get(scalar, SCALARS[scalar])
	_scalars = {}
	if args[0] == _asked:
		return
	_waiting = {
		"id": args[0],
		"label": args[1],
		"valence": known["valence"],
		"arousal": known["arousal"],
		"intensity": known["intensity"],
		"urgency": args[3],
		"transition": known["transition"],
		"quantise": args[2],
		"fade_beats": known["fade"],
		"hold_s": known["hold"],
		"deadline_s": known["deadline"],
		"reason": "music",
	}
	_waiting_until_s = now_s() + WHOLE_WITHIN_S


# Each request once, whichever of its forms is here first.
func _hand_out(request):
	if _waiting.get("id") == request["id"]:
		_waiting = {}
	if request["id"] != _asked:
		_asked = request["id"]
		emit_signal("music_requested", request)


func _cancel(id):
	if _waiting.get("id") == id:
		_waiting = {}
		_asked = id
		return
	emit_signal("request_cancelled", id)


func _set_status(state, detail):
	if state != status or detail != status_detail:
		status = state
		status_detail = detail
		emit_signal("status_changed", state, detail)
