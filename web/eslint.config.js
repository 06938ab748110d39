import vue from 'eslint-plugin-vue'
import typescript from 'typescript-eslint'
import prettier from 'eslint-config-prettier'

export default typescript.config(
  { ignores: ['dist', 'node_modules', 'src/shared/api/schema.d.ts'] },
  ...typescript.configs.recommended,
  ...vue.configs['flat/recommended'],
  { files: ['**/*.vue'], languageOptions: { parserOptions: { parser: typescript.parser } } },
  {
    rules: {
      'no-console': 'error',
      eqeqeq: ['error', 'always'],
      'vue/no-v-html': 'error',
      // The content security policy refuses style attributes written into markup.
      'vue/no-restricted-static-attribute': ['error', 'style'],
      'vue/block-order': ['error', { order: ['script', 'template', 'style'] }],
      'vue/require-default-prop': 'off',
      'vue/multi-word-component-names': 'off',
      'vue/prop-name-casing': ['error', 'snake_case'],
      'vue/attribute-hyphenation': 'off',
      'vue/v-on-event-hyphenation': 'off',
      '@typescript-eslint/no-non-null-assertion': 'error',
    },
  },
  { files: ['tests/**', 'tools/**'], rules: { 'no-console': 'off', 'vue/one-component-per-file': 'off' } },
  prettier,
)
