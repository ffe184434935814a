-- A session with one strip, on Ardour's dummy device: run by test_ardour.py with a folder.
assert(AudioEngine:set_backend("None (Dummy)", "Normal Speed", ""))
local session = assert(create_session(arg[1], "session", 48000))
session:new_audio_track(1, 2, nil, 1, "Layer", ARDOUR.PresentationInfo.max_order, ARDOUR.TrackMode.Normal, true)
print("ready")
while true do
    io.stdout:flush()
    local line = io.stdin:read()
    if line == nil then break end
    local layer = session:route_by_name("Layer")
    print(string.format("fader %.4f rolling %s", layer:gain_control():get_value(), tostring(session:transport_rolling())))
end
