using System;
using System.Reflection;
using Oscbridge.Checks;

/// <summary>Runs all checks of the assemblies named; one line each: "ok NAME" or "failed NAME: why".</summary>
static class RunChecks
{
    static int Main(string[] paths)
    {
        var failed = 0;
        foreach (var path in paths)
        {
            foreach (var check in Check.All(Assembly.LoadFrom(path)))
            {
                try
                {
                    check.Run();
                    Console.WriteLine("ok " + check.Name);
                }
                catch (CheckFailed error)
                {
                    failed++;
                    Console.WriteLine("failed " + check.Name + ": " + error.Message.Replace('\n', ' '));
                }
            }
        }
        return failed == 0 ? 0 : 1;
    }
}
