using System.Globalization;

namespace Streams.Testing;

/// <summary>Settings of a silo whose workers are the fake worker.</summary>
public static class FakeProfile
{
    /// <summary>The default profile is the fake worker with these arguments.</summary>
    public static Dictionary<string, string> With(params string[] arguments)
    {
        Dictionary<string, string> settings = new()
        {
            ["Streams__Workers__DefaultProfile"] = "fake",
            ["Streams__Workers__Profiles__fake__Program"] = FakeWorker.Program,
        };
        for (int i = 0; i < arguments.Length; i++)
        {
            settings[$"Streams__Workers__Profiles__fake__Arguments__{i.ToString(CultureInfo.InvariantCulture)}"] = arguments[i];
        }

        return settings;
    }
}
