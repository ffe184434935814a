// The part of Wwise's C++ interface that the example uses; it prints what it is told.
#pragma once
#include <cstdint>
#include <cstdio>
#include <cstring>

enum AKRESULT { AK_Success = 1, AK_InvalidParameter = 31 };
using AkGameObjectID = std::uint64_t;

namespace AK::SoundEngine {
inline AKRESULT SetRTPCValue(const char* name, float value) {
    std::printf("wwise %s %g\n", name, value);
    return AK_Success;
}
inline AKRESULT SetState(const char* group, const char* state) {
    std::printf("wwise %s %s\n", group, state);
    return std::strcmp(state, "unlabelled") ? AK_Success : AK_InvalidParameter;
}
inline AKRESULT PostTrigger(const char* trigger, AkGameObjectID object) {
    std::printf("wwise trigger %s %llu\n", trigger, static_cast<unsigned long long>(object));
    return AK_Success;
}
}  // namespace AK::SoundEngine
