using UnityEditor;
using UnityEngine;

namespace Oscbridge.Editor
{
    /// <summary>GameObject > oscbridge: every component, ready to use.</summary>
    static class CreateMenu
    {
        const string Menu = "GameObject/oscbridge/";

        [MenuItem(Menu + "Client and Doctor", false, 10)]
        static void CreateClient()
        {
            Create<OscbridgeClient>("oscbridge").AddComponent<ConnectionDoctor>();
        }

        [MenuItem(Menu + "Adaptive Music", false, 11)]
        static void CreateMusic()
        {
            Create<AdaptiveMusicController>("Adaptive Music");
        }

        [MenuItem(Menu + "Player Affect Sender", false, 12)]
        static void CreateSender()
        {
            Create<PlayerAffectSender>("Player Affect");
        }

        [MenuItem(Menu + "Affect Plane Gizmo", false, 13)]
        static void CreateGizmo()
        {
            Create<AffectPlaneGizmo>("Affect Plane");
        }

        static GameObject Create<T>(string name) where T : Component
        {
            var made = new GameObject(name);
            made.AddComponent<T>();
            Undo.RegisterCreatedObjectUndo(made, "Create " + name);
            Selection.activeGameObject = made;
            return made;
        }
    }
}
