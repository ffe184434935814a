#if OSCBRIDGE_FMOD
using UnityEngine;

namespace Oscbridge
{
    /// <summary>
    /// What oscbridge says, as global parameters of FMOD Studio: continuous ones called Valence,
    /// Arousal (-1..1) and Intensity (0..1), and a labelled one called Mood with your words for the
    /// quadrants. A name that you leave empty is not set. Needs FMOD for Unity and the scripting
    /// define OSCBRIDGE_FMOD.
    /// </summary>
    [AddComponentMenu("oscbridge/FMOD Adapter")]
    public sealed class FmodAdapter : MiddlewareAdapter
    {
        [SerializeField] string valenceParameter = "Valence";
        [SerializeField] string arousalParameter = "Arousal";
        [SerializeField] string intensityParameter = "Intensity";
        [SerializeField] string labelParameter = "Mood";

        protected override void ShowFeeling(AffectState state)
        {
            Set(valenceParameter, state.Valence);
            Set(arousalParameter, state.Arousal);
        }

        protected override void ShowIntensity(float intensity)
        {
            Set(intensityParameter, intensity);
        }

        protected override void ShowLabel(string label)
        {
            if (!string.IsNullOrEmpty(labelParameter))
            {
                FMODUnity.RuntimeManager.StudioSystem.setParameterByNameWithLabel(labelParameter, label);
            }
        }

        static void Set(string parameter, float value)
        {
            if (!string.IsNullOrEmpty(parameter))
            {
                FMODUnity.RuntimeManager.StudioSystem.setParameterByName(parameter, value);
            }
        }
    }
}
#endif
