import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the binding sets an attribute that is a text. */
const settingText = `      std::string str_value;
      nstatus = GetStringParam(env, js_value, str_value);
      ENSURE_NAPI_OK(env, nstatus);
`;

/** The same for an array of texts, as the binding does for arrays of numbers. */
const settingTexts = `      // Changed by Loam: an array of texts is an attribute too, which fused operations ask for.
      if (IsArray(env, nstatus, &js_value)) {
        uint32_t length;
        nstatus = napi_get_array_length(env, js_value, &length);
        ENSURE_NAPI_OK(env, nstatus);
        std::vector<std::string> texts(length);
        std::vector<const void *> starts(length);
        std::vector<size_t> lengths(length);
        for (uint32_t i = 0; i < length; ++i) {
          napi_value element;
          nstatus = napi_get_element(env, js_value, i, &element);
          ENSURE_NAPI_OK(env, nstatus);
          nstatus = GetStringParam(env, element, texts[i]);
          ENSURE_NAPI_OK(env, nstatus);
          starts[i] = texts[i].data();
          lengths[i] = texts[i].size();
        }
        TFE_OpSetAttrStringList(tfe_op, attr_name, starts.data(), lengths.data(), static_cast<int>(length));
        break;
      }

`;

/**
 * Writes the sources of tfjs-node's binding into a folder, with the one change that Loam makes: it passes lists of texts as
 * attributes of an operation, which `_FusedMatMul` and its kind ask for (see `llm/engines/tensorflow/fused-products.ts`).
 * @throws Error when tfjs-node's source is not the one that the change was written for
 */
export async function writeBindingSource(sources: string, folder: string): Promise<void> {
  for (const file of await readdir(sources)) {
    if (file !== 'tfjs_backend.cc') {
      await copyFile(join(sources, file), join(folder, file));
      continue;
    }
    const [before, after, ...more] = (await readFile(join(sources, file), 'utf8')).split(settingText);
    if (after === undefined || more.length > 0)
      throw new Error(`${file} of tfjs-node's binding is not the one that Loam changes.`);
    await writeFile(join(folder, file), `${before!}${settingTexts}${settingText}${after}`);
  }
}
