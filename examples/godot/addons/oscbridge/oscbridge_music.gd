class_name OscbridgeMusic
extends Node
## Turns requests for other music into switches of an AudioStreamInteractive, and answers them.
## Godot 4.3 and newer; an older one rejects every request.
##
## Name the clips as your labels are (happy, tense, sad, relaxed). Transitions that you have drawn
## from one clip to another win over what a request says; beats need a BPM in the clips.

const MusicMap = preload("res://addons/oscbridge/music_map.gd")
const ANY_CLIP := -1
const TO_START := 1

@export var client: OscbridgeClient
## Plays an AudioStreamInteractive.
@export var player: AudioStreamPlayer

var _request := {}
var _clip := -1
var _done_s := INF


func _ready():
	client.music_requested.connect(_on_music_requested)
	client.request_cancelled.connect(_on_request_cancelled)


func _on_music_requested(request):
	var transition = MusicMap.transition_of(request)
	var clip = MusicMap.clip_of(request, _clip_names())
	if transition.is_empty() or clip < 0:
		client.acknowledge(request["id"], "rejected")
		return
	if not player.playing:
		player.play()
	if clip != _playing_clip():
		player.stream.add_transition(
			ANY_CLIP, clip, transition[0], TO_START, transition[1], request["fade_beats"]
		)
		player.get_stream_playback().switch_to_clip(clip)
	_request = request
	_clip = clip
	_done_s = INF
	client.acknowledge(request["id"], "queued")


## A switch that waits for its bar cannot be taken back, only overtaken.
func _on_request_cancelled(id):
	if _request.get("id") == id:
		_request = {}


func _process(_delta):
	if _request.is_empty():
		return
	if _done_s == INF:
		if _playing_clip() == _clip:
			client.acknowledge(_request["id"], "started")
			_done_s = client.now_s() + maxf(_fade_s(), _request["hold_s"])
	elif client.now_s() >= _done_s:
		client.acknowledge(_request["id"], "done")
		_request = {}


func _clip_names() -> Array:
	var names := []
	var stream = player.stream
	if stream != null and stream.is_class("AudioStreamInteractive"):
		for clip in stream.clip_count:
			names.append(String(stream.get_clip_name(clip)))
	return names


## Godot 4.3 cannot say which clip plays: there, the one that was asked for last.
func _playing_clip() -> int:
	var playback = player.get_stream_playback() if player.playing else null
	if playback == null:
		return -1
	if playback.has_method("get_current_clip_index"):
		return playback.get_current_clip_index()
	return _clip


## Beats that no clip gives a length last a second in Godot.
func _fade_s() -> float:
	var bpm = player.stream.get_clip_stream(_clip).get("bpm")
	return _request["fade_beats"] * (60.0 / bpm if bpm else 1.0)
