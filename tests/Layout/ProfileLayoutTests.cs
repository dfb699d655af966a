using System.Text.Json;

namespace XenDmHost.LayoutTests;

/// <summary>The config spaces of the generic plugin's profiles against Linux's headers, field by field.</summary>
public sealed class ProfileLayoutTests
{
    private static readonly JsonDocumentOptions WithComments = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Names that differ between the specification, which the profiles follow, and the header.</summary>
    private static readonly Dictionary<string, string> NamesInLinux = new(StringComparer.Ordinal)
    {
        ["blk.cylinders"] = "geometry.cylinders",
        ["blk.heads"] = "geometry.heads",
        ["blk.sectors"] = "geometry.sectors",
        ["blk.writeback"] = "wce",
    };

    public static TheoryData<string> Profiles
    {
        get
        {
            TheoryData<string> names = [];
            foreach (string file in Directory.EnumerateFiles(Folder(), "*.json"))
            {
                using JsonDocument profile = Read(file);
                if (profile.RootElement.TryGetProperty("config", out _))
                {
                    names.Add(Path.GetFileNameWithoutExtension(file));
                }
            }

            return names;
        }
    }

    [Theory]
    [MemberData(nameof(Profiles))]
    public void A_profiles_config_space_is_the_one_of_linux(string profile)
    {
        using JsonDocument document = Read(Path.Combine(Folder(), profile + ".json"));
        CProgram program = new CProgram().Include($"linux/virtio_{profile}.h", "linux-libc-dev");
        foreach (JsonElement field in document.RootElement.GetProperty("config").GetProperty("fields").EnumerateArray())
        {
            string name = field.GetProperty("name").GetString()!;
            program.Place(
                $"struct virtio_{profile}_config",
                NamesInLinux.GetValueOrDefault($"{profile}.{name}", name),
                field.GetProperty("offset").GetInt32(),
                field.GetProperty("width").GetInt32());
        }

        Compiler.Check(program);
    }

    private static JsonDocument Read(string file) => JsonDocument.Parse(File.ReadAllText(file), WithComments);

    private static string Folder() => Path.Combine(Checkout.Root, "plugins/Generic/profiles");
}
