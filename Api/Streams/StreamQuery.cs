using System.Collections.Frozen;

namespace Streams.Api;

/// <summary>Which streams are asked for, in which order, and which part of them.</summary>
internal sealed record StreamQuery(FrozenSet<StreamPhase>? Phases, string Sort, Paging Paging)
{
    private const string DefaultSort = "id";

    private static readonly FrozenDictionary<string, Comparison<StreamSummary>> Orders = new Dictionary<string, Comparison<StreamSummary>>(StringComparer.Ordinal)
    {
        ["id"] = static (a, b) => string.CompareOrdinal(a.StreamId, b.StreamId),
        ["phase"] = static (a, b) => a.Phase.CompareTo(b.Phase),
        ["since"] = static (a, b) => a.Since.CompareTo(b.Since),
        ["generation"] = static (a, b) => a.Generation.CompareTo(b.Generation),
        ["readers"] = static (a, b) => Nullable.Compare(a.Readers, b.Readers),
        ["speed"] = static (a, b) => Nullable.Compare(a.Speed, b.Speed),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>All names to sort by; each may have a minus before it, for the other direction.</summary>
    public static IEnumerable<string> Sorts => Orders.Keys.Order(StringComparer.Ordinal);

    /// <summary>Reads the query parameters; null with all errors when one is wrong.</summary>
    public static StreamQuery? Read(string? phase, string? sort, string? page, string? itemsPerPage, out Dictionary<string, string[]> errors)
    {
        Paging? paging = Paging.Read(page, itemsPerPage, out errors);
        FrozenSet<StreamPhase>? phases = ReadPhases(phase, errors);
        string by = sort ?? DefaultSort;
        if (!Orders.ContainsKey(by.TrimStart('-')) || by.StartsWith("--", StringComparison.Ordinal))
        {
            errors["sort"] = [$"This parameter must be one of {string.Join(", ", Sorts)}, with a minus before it for the other direction."];
        }

        return errors.Count == 0 ? new StreamQuery(phases, by, paging!.Value) : null;
    }

    /// <summary>The page that is asked for.</summary>
    public StreamList Of(IEnumerable<StreamSummary> all)
    {
        List<StreamSummary> chosen = [.. Phases is null ? all : all.Where(stream => Phases.Contains(stream.Phase))];
        if (Sort != DefaultSort)
        {
            Comparison<StreamSummary> order = Orders[Sort.TrimStart('-')];
            int direction = Sort[0] == '-' ? -1 : 1;
            chosen.Sort((a, b) => order(a, b) is var by && by != 0 ? by * direction : string.CompareOrdinal(a.StreamId, b.StreamId));
        }

        return new StreamList { ItemCount = chosen.Count, PageCount = Paging.PagesOf(chosen.Count), Items = [.. Paging.Of(chosen)] };
    }

    private static FrozenSet<StreamPhase>? ReadPhases(string? text, Dictionary<string, string[]> errors)
    {
        if (text is null)
        {
            return null;
        }

        HashSet<StreamPhase> phases = [];
        foreach (string name in text.Split(','))
        {
            if (!Enum.GetNames<StreamPhase>().Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                errors["phase"] = [$"This parameter must be one or more of {string.Join(", ", Enum.GetNames<StreamPhase>())}, with commas between."];
                return null;
            }

            phases.Add(Enum.Parse<StreamPhase>(name, ignoreCase: true));
        }

        return phases.ToFrozenSet();
    }
}
