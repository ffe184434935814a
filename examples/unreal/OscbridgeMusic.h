// An actor that hears oscbridge, plays what is asked for, and answers. Copy both files into your
// module, add "OSC" to PublicDependencyModuleNames in its Build.cs, and replace YOURGAME_API.
#pragma once

#include "CoreMinimal.h"
#include "GameFramework/Actor.h"
#include "OSCMessage.h"

#include "OscbridgeMusic.generated.h"

class UOSCClient;
class UOSCServer;

UCLASS()
class YOURGAME_API AOscbridgeMusic : public AActor
{
	GENERATED_BODY()

public:
	/** Newest values: -1..1, -1..1, 0..1. */
	UPROPERTY(BlueprintReadOnly, Category = "oscbridge")
	float Valence = 0.f;

	UPROPERTY(BlueprintReadOnly, Category = "oscbridge")
	float Arousal = 0.f;

	UPROPERTY(BlueprintReadOnly, Category = "oscbridge")
	float Intensity = 0.5f;

	/** Other music is asked for: start it at that point (now, beat, bar ...), then call Started. */
	UFUNCTION(BlueprintImplementableEvent, Category = "oscbridge")
	void MusicRequested(int32 Id, const FString& Label, const FString& Quantise, float Urgency);

	/** The music of a request has begun; it is done FadeSeconds later. */
	UFUNCTION(BlueprintCallable, Category = "oscbridge")
	void Started(int32 Id, float FadeSeconds = 2.f);

	/** What the player feels, -1..1 each, and how surely (0..1). */
	UFUNCTION(BlueprintCallable, Category = "oscbridge")
	void Feel(float PlayerValence, float PlayerArousal, float Confidence = 1.f);

protected:
	virtual void BeginPlay() override;
	virtual void EndPlay(const EEndPlayReason::Type Reason) override;

private:
	UFUNCTION()
	void Hear(const FOSCMessage& Message, const FString& IPAddress, int32 Port);

	void Acknowledge(int32 Id, const TCHAR* State);

	// Held, or they are collected as garbage and fall silent.
	UPROPERTY()
	TObjectPtr<UOSCServer> Server;

	UPROPERTY()
	TObjectPtr<UOSCClient> Client;
};
