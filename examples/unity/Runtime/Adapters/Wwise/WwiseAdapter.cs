#if OSCBRIDGE_WWISE
using UnityEngine;
#if OSCBRIDGE_WWISE_BEFORE_2024
using SoundEngine = AkSoundEngine;
#else
using SoundEngine = AkUnitySoundEngine;
#endif

namespace Oscbridge
{
    /// <summary>
    /// What oscbridge says, as game syncs of Wwise: RTPCs (0..100, so that 50 is neutral), a state
    /// group with your words for the quadrants, a trigger at boundaries. A name that you leave empty
    /// is not set. Needs the Wwise integration and the scripting define OSCBRIDGE_WWISE; for Wwise
    /// before 2024.1 OSCBRIDGE_WWISE_BEFORE_2024 as well.
    /// </summary>
    [AddComponentMenu("oscbridge/Wwise Adapter")]
    public sealed class WwiseAdapter : MiddlewareAdapter
    {
        /// <summary>A change of less than this is not worth a call.</summary>
        const float DeadBand = 0.1f;

        [SerializeField] string valenceRtpc = "Valence";
        [SerializeField] string arousalRtpc = "Arousal";
        [SerializeField] string intensityRtpc = "Intensity";
        [SerializeField] string stateGroup = "Music_State";
        [SerializeField] string boundaryTrigger = "";

        float valence = float.NaN;
        float arousal = float.NaN;
        float intensity = float.NaN;

        protected override void ShowFeeling(AffectState state)
        {
            Set(valenceRtpc, state.NormValence, ref valence);
            Set(arousalRtpc, state.NormArousal, ref arousal);
        }

        protected override void ShowIntensity(float share)
        {
            Set(intensityRtpc, share, ref intensity);
        }

        protected override void ShowLabel(string label)
        {
            if (!string.IsNullOrEmpty(stateGroup))
            {
                SoundEngine.SetState(stateGroup, label);
            }
        }

        protected override void ShowBoundary()
        {
            if (!string.IsNullOrEmpty(boundaryTrigger))
            {
                SoundEngine.PostTrigger(boundaryTrigger, gameObject);
            }
        }

        static void Set(string rtpc, float share, ref float told)
        {
            var value = share * 100f;
            if (!string.IsNullOrEmpty(rtpc) && !(Mathf.Abs(value - told) < DeadBand))
            {
                told = value;
                SoundEngine.SetRTPCValue(rtpc, value);
            }
        }
    }
}
#endif
