#pragma once
#include "CoreMinimal.h"

struct FTimerHandle {};

struct FTimerDelegate {
    template <typename T, typename F> static FTimerDelegate CreateWeakLambda(T*, F) { return {}; }
};

class FTimerManager {
public:
    void SetTimer(FTimerHandle&, const FTimerDelegate&, float seconds, bool loop) { (void)seconds, (void)loop; }
};
