// The part of FMOD Studio's C++ interface that the example uses; it prints what it is told.
#pragma once
#include <cstdio>
#include <cstring>

enum FMOD_RESULT { FMOD_OK, FMOD_ERR_INVALID_PARAM };

namespace FMOD::Studio {
class System {
public:
    FMOD_RESULT setParameterByName(const char* name, float value, bool ignoreseekspeed = false) {
        (void)ignoreseekspeed;
        std::printf("fmod %s %g\n", name, value);
        return FMOD_OK;
    }
    FMOD_RESULT setParameterByNameWithLabel(const char* name, const char* label, bool ignoreseekspeed = false) {
        (void)ignoreseekspeed;
        std::printf("fmod %s %s\n", name, label);
        return std::strcmp(label, "unlabelled") ? FMOD_OK : FMOD_ERR_INVALID_PARAM;
    }
};
}  // namespace FMOD::Studio
