// What oscbridge says, as game syncs of Wwise: the RTPCs Intensity and Valence (0..100), the state
// group Music_State with your words for the quadrants, the trigger Turn where the music turns.
// Requests set the state and are answered; Wwise begins where its transition rules say. Call update()
// every frame, before AK::SoundEngine::RenderAudio().
#pragma once

#include <AK/SoundEngine/Common/AkSoundEngine.h>

#include "../cpp/oscbridge.hpp"

class OscbridgeWwise {
public:
    // Without `on_request`, the state follows the music that is heard; with it, what is asked for.
    explicit OscbridgeWwise(AkGameObjectID object, bool on_request = true,
                            const char* host = "127.0.0.1", std::uint16_t port = 7770)
        : client(host, port), object_(object), on_request_(on_request) {
        client.hear = [this](const oscbridge::Message& message) { hear(message); };
    }

    void update() { client.update(); }

    oscbridge::Client client;

private:
    // No duration in SetRTPCValue: values come often enough, and the RTPC may smooth them.
    void hear(const oscbridge::Message& message) {
        if (message.name == "intensity") {
            AK::SoundEngine::SetRTPCValue("Intensity", 100.0f * message.get<float>(0));
        } else if (message.name == "norm/valence") {
            AK::SoundEngine::SetRTPCValue("Valence", 100.0f * message.get<float>(0));
        } else if (message.name == "segment/boundary") {
            AK::SoundEngine::PostTrigger("Turn", object_);
        } else if (message.name == "quadrant/enter" && !on_request_) {
            AK::SoundEngine::SetState("Music_State", message.get<std::string>(1).c_str());
        } else if (message.name == "request/go" && on_request_) {
            const auto id = message.get<std::int32_t>(0);
            const auto label = message.get<std::string>(1);
            if (AK::SoundEngine::SetState("Music_State", label.c_str()) != AK_Success) {
                client.acknowledge(id, "rejected");
                return;
            }
            client.acknowledge(id, "started");
            client.acknowledge(id, "done");
        }
    }

    AkGameObjectID object_;
    bool on_request_;
};
