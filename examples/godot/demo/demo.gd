extends Control
## The window takes the music's colour, and four layers of sound follow it at equal power. A request
## for other music holds them where it says; buttons say how the player feels.

const MusicMap = preload("res://addons/oscbridge/music_map.gd")
const RATE := 22050
const LOOP_S := 2
const FOLLOW_S := 0.5
const BEAT_S := 0.5
## Hz and beats a loop of each quadrant's layer: whole waves fit the loop.
const CHORDS := [
	[262.0, 330.0, 392.0], [220.0, 233.0, 311.0], [110.0, 131.0, 165.0], [131.0, 196.0, 330.0]
]
const PULSES := [8, 16, 1, 2]

var _heard := Vector2.ZERO
var _shown := Vector2.ZERO
var _request := {}
var _left_s := 0.0
var _layers: Array[AudioStreamPlayer] = []

@onready var _client: OscbridgeClient = $Oscbridge
@onready var _words: Label = $Words


func _ready():
	for i in 4:
		var layer := AudioStreamPlayer.new()
		layer.stream = _loop_of(CHORDS[i], PULSES[i])
		layer.volume_db = -80.0
		add_child(layer)
		layer.play()
		_layers.append(layer)
		var button := Button.new()
		button.text = "I feel " + MusicMap.CLIP_NAMES[i]
		button.pressed.connect(_client.tell_emotion.bind(MusicMap.CLIP_NAMES[i]))
		$Feelings.add_child(button)


func _process(delta):
	if not _request.is_empty():
		_left_s -= delta
		if _left_s <= 0.0:
			_client.acknowledge(_request["id"], "done")
			_request = {}
	var target := _heard
	if not _request.is_empty():
		target = Vector2(_request["valence"], _request["arousal"])
	_shown = _shown.lerp(target, 1.0 - exp(-delta / FOLLOW_S))
	$Colour.color = MusicMap.colour_of(_shown.x, _shown.y)
	var volumes = MusicMap.volumes_of(_shown.x, _shown.y)
	for i in 4:
		_layers[i].volume_db = linear_to_db(maxf(0.5 * volumes[i], 1e-4))


func _on_valence_changed(valence):
	_heard.x = valence


func _on_arousal_changed(arousal):
	_heard.y = arousal


func _on_quadrant_entered(_quadrant, label, _confidence):
	_words.text = label


func _on_segment_boundary(_id, _age_ms, strength):
	var flash := create_tween()
	_words.scale = Vector2.ONE * (1.0 + strength)
	flash.tween_property(_words, "scale", Vector2.ONE, 0.5)


func _on_status_changed(state, detail):
	if state != "listening":
		_words.text = "%s %s" % [state, detail]


func _on_music_requested(request):
	if request["transition"] in ["stinger", "duck"]:
		_client.acknowledge(request["id"], "rejected")
		return
	_request = request
	_left_s = maxf(request["hold_s"], request["fade_beats"] * BEAT_S)
	_client.acknowledge(request["id"], "started")


func _loop_of(chord: Array, pulses: int) -> AudioStreamWAV:
	var frames := RATE * LOOP_S
	var data := PackedByteArray()
	data.resize(2 * frames)
	for frame in frames:
		var time_s := float(frame) / RATE
		var sample := 0.0
		for hz in chord:
			sample += sin(TAU * hz * time_s) / chord.size()
		var phase := fposmod(time_s * pulses / LOOP_S, 1.0)
		sample *= 0.6 * (1.0 - phase) * minf(phase * 50.0, 1.0)
		data.encode_s16(2 * frame, int(32767.0 * sample))
	var loop := AudioStreamWAV.new()
	loop.format = AudioStreamWAV.FORMAT_16_BITS
	loop.mix_rate = RATE
	loop.loop_mode = AudioStreamWAV.LOOP_FORWARD
	loop.loop_end = frames
	loop.data = data
	return loop
