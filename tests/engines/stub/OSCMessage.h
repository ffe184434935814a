#pragma once
#include "CoreMinimal.h"

struct FOSCAddress {
    FString GetFullPath() const { return {}; }
};

struct FOSCMessage {
    FOSCAddress GetAddress() const { return {}; }
    void SetAddress(const FOSCAddress&) {}
};
