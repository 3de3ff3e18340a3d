using System.Collections;
using System.Collections.Frozen;

namespace Streams.Grains.Workers;

/// <summary>
/// What a worker sees of the silo's environment: a list of what programs need. All else stays out, since the silo's environment holds tokens and
/// passwords that are no business of a worker.
/// </summary>
internal static class WorkerEnvironment
{
    private static readonly FrozenSet<string> Names = FrozenSet.Create(
        StringComparer.Ordinal,
        "PATH", "HOME", "USER", "LANG", "TZ", "TMPDIR", "LD_LIBRARY_PATH", "XDG_RUNTIME_DIR",
        "CUDA_VISIBLE_DEVICES", "CUDA_DEVICE_ORDER", "HIP_VISIBLE_DEVICES", "ROCR_VISIBLE_DEVICES", "GPU_DEVICE_ORDINAL", "ZE_AFFINITY_MASK", "VDPAU_DRIVER", "DRI_PRIME");

    /// <summary>Locale, and what the drivers of GPUs read.</summary>
    private static readonly string[] Prefixes = ["LC_", "NVIDIA_", "LIBVA_", "MFX_", "ONEVPL_"];

    /// <summary>Whether every worker gets the variable.</summary>
    public static bool IsCommon(string variable) => Names.Contains(variable) || Prefixes.Any(prefix => variable.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Whether a text can be a variable's name.</summary>
    public static bool IsName(string variable) => variable.Length > 0 && !variable.AsSpan().ContainsAny('=', '\0');

    /// <summary>The silo's variables that a worker gets.</summary>
    /// <param name="passed">More of them that its profile names.</param>
    public static Dictionary<string, string> Select(IReadOnlyCollection<string> passed)
    {
        Dictionary<string, string> taken = new(StringComparer.Ordinal);
        foreach (DictionaryEntry variable in Environment.GetEnvironmentVariables())
        {
            string name = (string)variable.Key;
            if (IsCommon(name) || passed.Contains(name))
            {
                taken[name] = (string?)variable.Value ?? "";
            }
        }

        return taken;
    }
}
