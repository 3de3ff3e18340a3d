using System.Collections.Frozen;
using System.Collections.Immutable;
using Streams.Api.Wire;

namespace Streams.Api.Streams;

/// <summary>Filter, order and page of a request for streams.</summary>
/// <param name="Phases">Only those in one of these phases; all when it is empty.</param>
/// <param name="Search">Only those with this in their id; all when it is empty.</param>
/// <param name="Sort">The order, one of <see cref="Sorts"/>.</param>
/// <param name="IsDescending">The other way round.</param>
/// <param name="Paging">Which part.</param>
internal sealed record StreamQuery(ImmutableArray<StreamPhase> Phases, string Search, string Sort, bool IsDescending, Paging Paging)
{
    /// <summary>As long as an id can be.</summary>
    public const int MaxSearch = 64;

    /// <summary>Orders that the store knows.</summary>
    private static readonly FrozenDictionary<string, StreamSort> Saved = new Dictionary<string, StreamSort>(StringComparer.Ordinal)
    {
        ["id"] = StreamSort.Id,
        ["phase"] = StreamSort.Phase,
        ["since"] = StreamSort.Since,
        ["generation"] = StreamSort.Generation,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Orders by what only active streams have, and what is never saved.</summary>
    private static readonly FrozenDictionary<string, Func<StreamSummary, double?>> Measured = new Dictionary<string, Func<StreamSummary, double?>>(StringComparer.Ordinal)
    {
        ["readers"] = static stream => stream.Readers,
        ["speed"] = static stream => stream.Speed,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>All names to sort by; each may have a minus before it, for the other direction.</summary>
    public static IEnumerable<string> Sorts => Saved.Keys.Concat(Measured.Keys).Order(StringComparer.Ordinal);

    /// <summary>By what active streams are sorted here; null when the store sorts them all.</summary>
    public Func<StreamSummary, double?>? Measure => Measured.GetValueOrDefault(Sort);

    /// <summary>Reads the query parameters; null with all errors when one is wrong.</summary>
    public static StreamQuery? Read(string? phase, string? search, string? sort, string? page, string? itemsPerPage, out Dictionary<string, string[]> errors)
    {
        Paging? paging = Paging.Read(page, itemsPerPage, out errors);
        ImmutableArray<StreamPhase> phases = ReadPhases(phase, errors);
        string wanted = search?.Trim() ?? "";
        if (wanted.Length > MaxSearch)
        {
            errors["q"] = [$"This parameter has at most {MaxSearch} characters, as an id has."];
        }

        string by = sort ?? "id";
        bool isDescending = by.StartsWith('-');
        string name = isDescending ? by[1..] : by;
        if (!Saved.ContainsKey(name) && !Measured.ContainsKey(name))
        {
            errors["sort"] = [$"This parameter must be one of {string.Join(", ", Sorts)}, with a minus before it for the other direction."];
        }

        return errors.Count == 0 ? new StreamQuery(phases, wanted, name, isDescending, paging!.Value) : null;
    }

    /// <summary>The same as a query of the store.</summary>
    public StreamListQuery ToStore() => new()
    {
        Phases = Phases,
        Search = Search,
        Sort = Saved.GetValueOrDefault(Sort),
        IsDescending = IsDescending,
        Skip = Paging.First,
        Take = Paging.ItemsPerPage,
    };

    private static ImmutableArray<StreamPhase> ReadPhases(string? text, Dictionary<string, string[]> errors)
    {
        if (text is null)
        {
            return [];
        }

        HashSet<StreamPhase> phases = [];
        foreach (string name in text.Split(','))
        {
            if (!Enum.GetNames<StreamPhase>().Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                errors["phase"] = [$"This parameter must be one or more of {string.Join(", ", Enum.GetNames<StreamPhase>())}, with commas between."];
                return [];
            }

            phases.Add(Enum.Parse<StreamPhase>(name, ignoreCase: true));
        }

        return [.. phases.Order()];
    }
}
