using System;
using UnityEngine;

namespace Oscbridge
{
    /// <summary>Something that happens to the player, and what it does to them.</summary>
    [Serializable]
    public sealed class PlayerEvent : IListed
    {
        public string Name = "hit";
        [Range(-1f, 1f)] public float Valence = -0.6f;
        [Range(-1f, 1f)] public float Arousal = 0.8f;
        [Tooltip("How slowly it fades, seconds.")]
        public float Seconds = 4f;

        bool IListed.IsBlank { get { return string.IsNullOrEmpty(Name) && Arousal == 0f && Seconds == 0f; } }
    }

    /// <summary>
    /// Tells oscbridge what the player feels, as far as the game can know: events of the game, how busy
    /// the hands are, chat, a heart-rate strap. Call Tell, Press, Write, HeartRate from your own
    /// events; all of them fit into the inspector's.
    /// </summary>
    [AddComponentMenu("oscbridge/Player Affect Sender")]
    public sealed class PlayerAffectSender : MonoBehaviour
    {
        /// <summary>What does not change is said again after so long: oscbridge forgets after five seconds.</summary>
        const float RefreshSeconds = 1f;

        [Tooltip("Empty: the client of the scene.")]
        [SerializeField] OscbridgeClient client = null;

        [Tooltip("Who says so; oscbridge weighs several sources.")]
        [SerializeField] string sourceName = "game";

        [Range(1f, 30f)] [SerializeField] float sendsPerSecond = 10f;

        [Tooltip("How surely the game knows.")]
        [Range(0f, 1f)] [SerializeField] float confidence = 0.5f;

        [Header("When nothing happens")]
        [Range(-1f, 1f)] [SerializeField] float restingValence = 0f;
        [Range(-1f, 1f)] [SerializeField] float restingArousal = -0.2f;

        [Header("Events of the game: call Tell with a name")]
        [SerializeField] PlayerEvent[] events = new PlayerEvent[0];

        [Header("Busy hands: call Press, or let the old input be watched")]
        [Tooltip("Needs Active Input Handling: Input Manager (Old) or Both. With the Input System package alone call Press.")]
        [SerializeField] bool heedInput = false;
        [SerializeField] float inputWindowSeconds = 4f;
        [SerializeField] float busyPressesPerSecond = 5f;

        readonly PlayerFeeling feeling = new PlayerFeeling();
        InputActivity hands;
        float sinceSent;
        float sentValence;
        float sentArousal;

        public OscbridgeClient Client { get { return client; } set { client = value; } }

        public PlayerEvent[] Events { get { return events; } set { events = value; } }

        public float Valence { get { return feeling.Valence; } }

        public float Arousal { get { return Mathf.Max(feeling.Arousal, HandsArousal()); } }

        /// <summary>Something of the list happens.</summary>
        public void Tell(string eventName)
        {
            for (var i = 0; i < events.Length; i++)
            {
                if (string.Equals(events[i].Name, eventName, StringComparison.OrdinalIgnoreCase))
                {
                    feeling.Feel(events[i].Valence, events[i].Arousal, events[i].Seconds);
                    return;
                }
            }
            Debug.LogWarning("oscbridge: no event is called \"" + eventName + "\"", this);
        }

        /// <summary>Something else happens, and fades within so many seconds.</summary>
        public void Feel(float valence, float arousal, float seconds)
        {
            feeling.Feel(valence, arousal, seconds);
        }

        /// <summary>Where the player is when nothing happens: in a safe place, in a haunted one.</summary>
        public void Rest(float valence, float arousal)
        {
            restingValence = Mathf.Clamp(valence, -1f, 1f);
            restingArousal = Mathf.Clamp(arousal, -1f, 1f);
        }

        /// <summary>The player pressed something.</summary>
        public void Press()
        {
            heedInput = true;
            hands.Press(inputWindowSeconds);
        }

        /// <summary>The player wrote a line.</summary>
        public void Write(string line)
        {
            var voice = Voice();
            if (voice != null && !string.IsNullOrEmpty(line))
            {
                voice.Text(line);
            }
        }

        /// <summary>The player's heart, beats a minute.</summary>
        public void HeartRate(float beatsPerMinute)
        {
            var voice = Voice();
            if (voice != null)
            {
                voice.HeartRate(beatsPerMinute);
            }
        }

        /// <summary>The player's emotion by its name, as a button of a questionnaire says it.</summary>
        public void Emotion(string label)
        {
            var voice = Voice();
            if (voice != null && !string.IsNullOrEmpty(label))
            {
                voice.Emotion(label, 1f);
            }
        }

        void OnValidate()
        {
            ListedDefaults.Restore(events);
        }

        void OnDisable()
        {
            var voice = Voice();
            if (voice != null)
            {
                voice.Forget(sourceName);
            }
        }

        void Update()
        {
            WatchInput();
            feeling.RestingValence = restingValence;
            feeling.RestingArousal = restingArousal;
            feeling.Update(Time.deltaTime);
            hands.Update(Time.deltaTime, inputWindowSeconds);
            sinceSent += Time.unscaledDeltaTime;
            if (sinceSent < 1f / sendsPerSecond)
            {
                return;
            }
            var isNews = Mathf.Abs(Valence - sentValence) + Mathf.Abs(Arousal - sentArousal) > 0.01f;
            var voice = Voice();
            if (voice != null && (isNews || sinceSent >= RefreshSeconds))
            {
                sinceSent = 0f;
                sentValence = Valence;
                sentArousal = Arousal;
                voice.Affect(sentValence, sentArousal, confidence, sourceName);
            }
        }

        void WatchInput()
        {
#if ENABLE_LEGACY_INPUT_MANAGER
            if (heedInput && Input.anyKeyDown)
            {
                hands.Press(inputWindowSeconds);
            }
#endif
        }

        float HandsArousal()
        {
            return heedInput ? hands.Arousal(busyPressesPerSecond) : -1f;
        }

        BridgeVoice Voice()
        {
            var source = client != null ? client : OscbridgeClient.Active;
            return source == null ? null : source.Voice;
        }
    }
}
