#pragma once
#include "CoreMinimal.h"

class FTimerManager;

class AActor : public UObject {
public:
    using Super = AActor;
    virtual ~AActor() = default;
    FTimerManager& GetWorldTimerManager() const;

protected:
    virtual void BeginPlay() {}
    virtual void EndPlay(const EEndPlayReason::Type) {}
};
